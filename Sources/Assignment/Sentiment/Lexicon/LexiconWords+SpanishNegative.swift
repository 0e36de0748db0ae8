extension Lexicon {
    /// Words of Spanish that speak ill of something, from -4 up to -1, and those that only look like one, at 0.
    /// Written for this project; stems end in a star, phrases are joined by underscores.
    static let spanishNegative = """
        0: alega* alertar amad_r amanec* amarill* amarr* amasa* amast* amigable* bellot* besar bese* bestial*
        bestsel* bienal* bienes bienio bomber* bombill* bombona* brillad_r brillantin* buenaventura buenos_aires
        campamento* campeche campello* campeonato* campesin* campestr* carin carismatic* caritas compas*
        complicid* confies* configur* confin* confirm* consejo* contene* contenid* content correctamente
        correctiv* corrector* cortesia critica_de critica_literaria critico cuidad* cultivo damas dich dicha_s
        dichas dicho dichos dolares dolomit* dolorespaz exitus facilit* facultad* fallas falleras feliciano
        felip* funcionari* genios gracia gracian* grataj* gravedad_cero gravemente guapo guerrer* heridero
        heroin* honduras honorarios honorato ideal ideas identi* ideolog* intensiv* interesado_en justici*
        leales lealt lenteja* lentes lentill* liderar* liga ligue* lindar* linder* malabar* malag* malasana
        malec* malet* mallorc* malt* malvas* matad_r mataro matas matematic* materia* matric* matrimoni*
        matutin* monocrom* monologo* monoplaza* monopol* monos moriles morira* mortadel* mortero muerta_de_risa
        muerto_de_risa muertos_de_risa murcia* muriel murig* murill* naturaleza* naturalmente nobel odisea*
        originar* orosgol paris peleter* penalt* pendient* pending* pensar* pension* pesan pesar_de pescad* peso
        pesos pestan* practicante* practicar practicas practico probablemente putin puton quebec rabaneda
        radicad* radicar* rapidograf rayado respectiv* respecto* ricard* ricoh roberto robles robot* robust*
        sabia sabiamos sabian sabias sabiendas sanchez santan* segundo* seguramente segurata seguridad_social
        seguro_de sorpresiv* sufrag* temas tempor* terror_cinema tontear* torturad_r viola violet* violin*
        violonch*
        -1: a_pesar apenas atrasad* callad callaos callar* callate calor_que cierra_la_boca como_siempre culpa
        de_nuevo deberes desgaste dios_mio en_fin esperando esperar examen examenes falta faltar* gasto gastos
        impuestos llorera llueve lluvia lo_de_siempre lunes madre_mia madrugon* menuda menudo menudos nadie
        necesidad necesit* nubes otra_vez poca poco politicos por_culpa por_dios pregunt* quitado quitan quitar
        quitaron retirada retirado siempre_igual siempre_lo_mismo silencio sueno_que tampoco telita vacia vacio
        vaya ya_ves
        -1.5: advert* alert* anticuad* averiad* bajon bajonazo bloque* bug bugs buitre* caid* caprich* cobrad*
        cobran cobraron cohech* comision* condenas controvert* corto critica criticar* criticas cunado
        dejar_plantad dejar_plantadn dejar_plantads delinc* delito* demand* denunci* desacuerdo desafi desconoc*
        desfalco discrep* disculp* drama dramas dramat* dud* dura dureza duro en_absoluto error* escand
        esquirol* estrech* estres factura fallido* fantasma* fractur* imputacion incidencia* lamentamos lejos
        lo_siento malversa* mediocr* nada_de_nada negativ* ni_siquiera ni_un ni_una no_anda no_carga no_funciona
        no_funcionan no_funcionas no_hay_forma no_hay_manera no_llega no_llegan no_llegas no_me_deja no_puedo
        no_puedon no_puedos no_se_puede no_va obsolet* ocult* opac* oportunist* para_nada parasit* pardon
        perdon* pesimis* pincha* pleito* polemic* postur posturear postureo presion prevaric* prision* querell*
        recarg* rechaz ridiculez rumor rumores sanguijuel* se_cayo sentenc* siento_mucho sin_poder sin_saber
        sobrecost* sorry sospechos* tarde_otra tensi_n tension* tenso* vendehumo* vendid*
        -2: abuche* adict* agh aghh* aguant* alcoholi* anti aprovechad* ardi* argh* arrepentid* ausencia
        avergon* averguenza* averia ay_dios_no ay_no ay_que_pena bah basta basta_ya blasfem* borrach* bronca*
        bruja buaa* buah buf buff* bulo* cae caer caida caidas caido calana calor calorazo calumni* cara_dura
        caradura* carec* carencia* carga_policial cayeron cayo censur* chafa chanchull* choca chocar choque*
        chusm* cicatri* cierr* como_es_posible como_puede_ser como_se_puede condenad* condolenci* conflict*
        consternacion consternad* contamin* contra cortaron corte_de cucarach* d_e_p danad* danar danin* dano*
        debil* dejado_plantado dejaron_plantado demente* dep derroch* desafort* desagradec* desapar*
        desaprovech* descansa_en_paz descanse_en_paz desperdici* despilfarr* desquici* desvergonz* difam*
        discusion* discut* disput* dolid* drogadicto drogas duelo elimin* enemig* enemistad enloquec* entierro
        es_increible_que escas* escoria* estall* estruendo ew explosi* extrano extremist* facha fachas fake
        falla fallado fallan fallando fallar fallaron falle fallo fallos falsific* falta_de faltan fanatic*
        floja flojas flojera flojo flojos forzad* fria frio frio_que funeral* gentuz* grita gritan gritando
        grito* groseria grr* hace_falta hasta_cuando helad herir hirient* histeric* huelga* hundimiento huracan*
        ilegal ilegales ilegalidad incendi* incomod* inconvenien* increible_que ingrat* injuri* insoportable
        insuficien* inundacion* inutilmente jamas_volv jamas_volvn jamas_volvs jeta lenta lentamente lentas
        lentisim* lentitud lento lentos letal* lio lios llanto* luto madrug* mafia* mafios* mal_gast mal_gastn
        mal_gasts maldic* malgast* manifestacion manip me_aburro me_cuesta me_da_igual me_da_miedo me_da_palo
        me_da_pena me_da_pereza me_muero me_muero_de_calor me_muero_de_frio me_muero_de_hambre me_muero_de_sueno
        meh menos_mal_que_no mentalmente_agotad mentalmente_agotadn mentalmente_agotads monstruos morro mortal*
        mosquito* narco* neurotic* no_es_serio no_volvere no_vuelvo no_vuelvon no_vuelvos nociv* nunca_mas
        nunca_vuelvo obliga obligad* odio_los oposicion oscur* paranoi* parece_increible parece_mentira pecado*
        pelea* pena pena_me_da penas pereza perezos* perjudic* perroflaut* perturb* pesar pff* plaga plagas
        plantada poca_seriedad poca_verguenza poco_serio populist* por_favor_basta progre prohibi* propaganda
        protest* psicopat* puag puagh puaj* puf q_e_p_d qepd quebrado queja quejan quejar quejarse quejas quejo
        quemad* quemar quiebra radical* rarit* raro rata ratas remordim* represion reprim* revuelta* rip rival
        rojo_de rompe rompen romper rompi rompiendo rompieron rompio rompo rota rotas roto rotos ruido ruidos*
        sangr* saturada saturado saturados se_acabo sectari* sequia* serpiente sin_agua sin_amigos sin_blanca
        sin_dinero sin_esperanza sin_fuerzas sin_internet sin_luz sin_palabras sin_remedio sin_respuesta
        sin_solucion sin_ti sin_trabajo snif* soportar suspend* suspension suspenso* tengo_frio tengo_hambre
        tengo_miedo tengo_sueno terremoto* tormenta trabajar_en_domingo tragar trastorn* traum* triste tumba uf
        uff* ultra ups vago vagos venen* vergon* vicio vicios ya_basta ya_esta_bien
        -2.5: abandon* absurd* aburr* abusan acusad* agot* alarm* amenaz* antipatic* apuro* arrepent* arrepient*
        arrogancia arrogant* asco_de asco_de_dia atasc* avaric* averi* barbarid* bobada boicot* borde bordes
        cadu cae_mal cancer* cansad* cansancio cansino* caos caotic* cara_simo carcel carer* carisim* caro
        castig* celos* chorrad* chulesc* cobard* cochin* codici* colaps* complic* conazo conden* confus*
        constipad* contagi* critic* culpa* cursi dar_pena de_mal_en_peor decepc* defect* delitos demor* derrot*
        desafortunad* desagrad* desastre desatenci* desatend* descenso desconfi* desconsiderado desenga*
        desgraci* desilusi* desleal* desorden* desorganiz* desprec* despropos* desvel* desventur* detenid* deud*
        dia_de_mierda dificil* dificult* dinero_tirado disparat* dolor_de echar_de_menos echo_de_menos egoismo
        egoist* eliminad* embarg* embrollo* enferm* envidia_cochina envidios* errone* error_garrafal esta_mal
        estan_mal estorb* estoy_mal estres* estrope* estupideces estuvo_mal exageradament* excluid* exhaust*
        extran* fastidi* fatal_todo fea feald* feas feisim* feo feos fiebre fracasar frustr* fue_mal garrafal*
        gilipollez* grave* gripe groser* guarr* hacer_el_ridiculo horter* hospital ignor* ilegal* impedi impide*
        imposible* impotencia impun* imputad* incertidumbre incumpl* inestab* infecc* inflad* injust* inquiet*
        insegur* inservible* insipid* insomnio insulsa insulso* insult* inutiliz* inviable* irrit* jaqueca*
        juicio_por la_extrano lament* lastim* liada lo_extrano lo_siento_mucho locura majader* mal_dia mal_gusto
        mal_humor mal_rollo mala_calidad mala_educacion mala_gana mala_leche mala_noticia mala_onda mala_pata
        mala_suerte mala_vibra malas_noticias malduc* maleduc* manipul* margin* me_arrepiento me_cae_mal
        me_encuentro_mal me_siento_mal me_va_mal melanc* migran* molest* monoton* mugr* multa* muy_mal
        nadie_contesta nadie_hace_nada nadie_responde nervios* ni_caso no_contestan no_doy_credito no_doy_mas
        no_entiendo_como no_entiendo_por_que no_es_justo no_es_normal no_hacen_nada no_me_apetece no_me_apetecen
        no_me_apeteces no_me_cabe_en_la no_me_contestan no_me_convence no_me_convencen no_me_convences
        no_me_entra no_me_gusta no_me_gustan no_me_gustas no_me_gusto no_me_hace_gracia no_me_hacen_caso
        no_me_lo_puedo_creer no_me_sirve no_merece_la_pena no_nos_gusta no_nos_gustan no_nos_gustas no_puede_ser
        no_quiero no_responden no_sirve no_sirve_para_nada no_sirven no_tengo_ganas no_tiene_gracia
        no_tiene_sentido no_vale_la_pena no_vale_nada nostalg* obstac* ofend* ofens* olvidad* operad* ordinari*
        peligr* penazo perder* perder_el_tiempo perdi perdid* perdida_de_tiempo perdiendo_el_tiempo perdieron
        perdimos perdio pesad* pesame pierd* plantaron podrido por_desgracia preocup* prepotencia prepotent*
        preso presos problem* que_aburrimiento que_barbaridad que_cansancio que_cruz que_decepcion que_desastre
        que_dolor que_feo que_fuerte que_impotencia que_lastima que_mal que_mal_rollo que_mala que_malo
        que_miedo que_palo que_pena que_pereza que_putada que_rollo que_sueno que_susto que_triste que_verguenza
        quejar* rechaz* reclam* recort* reproch* repudi* resaca* resfri* retras* reventad* ridicul* riesgo_de
        sale_mal salio_mal sancion* sandez* saturad* se_fue_a_la sentir_mal sin_ganas sin_sentido sinsentido
        soberbi* sobreprecio soez soledad solo_y sosa soso sospech* subida_de_precio subieron sucia* suciedad
        sucio* tan_mal tardan* te_extrano tedios* tirando_el_dinero tirar_el_dinero tonteria* tos urgencias
        urgente va_mal virus vulgar*
        -3: abus* accident* acos* agobi* agredi* agres* amarg* angusti* ansiedad apest* apunal* arrech* arruin*
        asesinar asquead* atentado* aterr* aweonao basur* bazofia* birria* bobad* bobo* bochorn* bodrio*
        boludez* boludo* bomba bombarde* bombas bullying burro cabre* cadaver* cagad* cagarla cagaron cago_en
        cagon* carajo* castana castanazo catastrof* chapucer* chapuz* choriz* chorro chorros cinic* cinismo
        colmo cono corazon_roto corrup* cretin* crisis cruel* culero* culia* cutr* da_asco da_pena dan_pena
        das_pena deficient* deplorable* depre depres* deprim* desahuci* desastre* desastros* desemple* desesper*
        deshonesto desleal desolad* despid* destroz* destruc* destrui* destruy* devastad* discrimin* dispar*
        dolido dolor* duele duelen empeor* emperrad* emput* encabron* encachimb* enfad* enfurec* engana enganada
        enganado enganados enganan enganar enganaron engano* enoj* es_el_colmo escalofri* escandal* esclav*
        espant* estafa* estupid* explot* fallec* falsa falsedad* falso falsos falta_de_respeto faltar_al_respeto
        faltas_de_respeto fatal* fetid* fracas* fraude* fraudulent* furia furios* golpead* golpear grima guerra*
        hambre hambruna* hart* hasta_el_cono hasta_el_culo hasta_el_gorro hasta_el_mono hasta_la_coronilla
        hasta_la_madre hasta_la_polla hasta_las_narices hasta_las_pelotas hasta_los_cojones hasta_los_huevos
        hasti* hay_que_joderse hediond* herid* hija_de_puta hijo_de_puta hijos_de_puta hipocr* homofob* horrib*
        horror* hostia_puta huevon* humill* hund* idiot* ignorancia ignorante* imperdonable* inaceptable*
        inadmisible* inaguantable* incompet* indign* inept* infern* infierno* insoportable* insufrible*
        intolerable* inutil* ira iracund* jodan jode joden jodeos joder* jodete jodid* la_cagaron la_cago
        la_cague ladron* lagrim* lamentable* lerdo* lesion* llora lloraba llorado lloran llorando llorar llore
        llorica lloriqu* lloro lloros* macabr* machis* mal mala malas maldad* maldicion maldit* maldita_sea
        malisim* malo malos malvad* mamada* mamarr* mamon* manda_cojones manda_huevos mata matan matando matar
        mataron mato_a me_cago me_cago_en me_cagon me_cagos me_da_coraje me_da_rabia me_duele me_duele_el
        me_duele_la me_hundo me_importa_un_carajo me_importa_una_mierda me_jode me_la_suda me_parte_el_alma
        me_pone_de_los_nervios me_pone_mala me_pone_malo me_pone_triste me_raya me_rompe_el_corazon
        me_saca_de_quicio me_tiene_harto me_tienen_harto mediocre* mediocridad mentido mentir mentira* mentiros*
        mentis menuda_mierda miedo* miente mienten mientes mierda_de miseria* morir* muerta muertas muerte*
        muerto muertos muri muriendo murieron murio nausea* ni_puta_idea no_aguanto no_aguanto_mas
        no_hay_derecho no_jodas no_la_soporto no_lo_soporto no_lo_trago no_los_soporto no_me_jodas no_puedo_mas
        no_soporto no_te_soporto no_tiene_perdon no_tienen_perdon no_trago odios* ostia_puta paliza* panico*
        paro patetic* pavor payas* pelotud* pendej* penos* peor peores perdedor* perver* pesadill* pestos*
        pinche* pobre_servicio pobreza podrid* porquer* pudr* put putad* putas puto* ql qlo que_coraje que_fatal
        que_horror que_mierda que_porqueria que_rabia rabia* rabios* racis* ratero* rayad* rencor* repelus
        robad* roban robar robaron robo robos ruina ruinas secuestr* sin_escrupulos sin_verguenza siniestr*
        sinverguenz* sufr* suicid* tarad* te_jodes temo temor* terrible* terror* timad* timar timo timos tirote*
        tirria tomadura_de_pelo tomando_el_pelo tomar_el_pelo tonta tontas tonter* tonteria tonterias tonto
        tonto_del tontos toxic* trag_dia tragedi* tragic* traicion* traidor* trampa* trampos* trist* truno
        vale_verga valio_verga vaya_mierda vaya_tela veneno* vergonzos* verguenza* victim* vil viles vileza
        violen* vomit* weon* xenofob* zoquete*
        -4: a_la_mierda aberra* abomin* aborrec* asco ascos asesin* asqu* atrocidad* atroz* basura basuras
        cabron cabrona* cabrones canalla* conchatumadre conchetumare crimen* criminal* ctm dais_asco dan_asco
        das_asco de_mierda desgraciad* despreciable* detest* dictador* dictadur* el_peor fascist* genocid*
        gilipoll* gonorrea hdp hdps hijodeputa hijoputa* hijueput* horripil* hp imbecil* infame* infamia*
        iros_a_la la_concha_de la_peor las_peores lo_peor los_peores malnacid* malparid* maltrat* masacre*
        me_da_asco me_quiero_matar me_quiero_morir mezquin* mierd* miserable* muerete muerte_a nauseabund* nazi*
        nefast* odia* odie odio ojala_te_mueras pederast* pedofil* peor_imposible peorcit* pesim* puta_mierda
        que_asco que_te_den quiero_morirme repugn* repulsiv* subnormal* terroris* tortur* una_mierda
        vayanse_a_la vete_a_la_mierda vete_al_carajo violacion* violador* vomitiv*
        """
}
