extension Lexicon {
    /// Words of Spanish that speak ill of something, from -4 up to -1, and those that only look like one, at 0.
    /// Written for this project; stems end in a star, phrases are joined by underscores.
    static let spanishNegative = """
        0: acustica acustico* alega* alergeno alertar amad_r amanec* amarill* amarr* amasa* amast* amigable*
        aterriz* bellot* besar bese* bestial* bestsel* bienal* bienes bienio bomber* bombill* bombona* brillad_r
        brillantin* buenaventura buenos_aires campamento* campeche campello* campeonato* campesin* campestr*
        cancion_desesperada carin carismatic* caritas cautivad codicil* coherente_y comision_de comisiones
        compas* complejo complejos completo complicid* condens* confies* configur* confin* confirm* consejo*
        consola consolas consolid* contene* contenid* content correctamente correctiv* corrector* cortesia
        critica_de critica_literaria critico cuidad* cultivo cultivos cultural* damas desgarbad desigualmente
        deudas_del dich dicha_s dichas dicho dichos disparidad dolares dolomit* dolorespaz dudar_no enfermera
        enfermeria enfermero* enredadera* esmerald* estren* excursion* excusado_de exitus expulsor extranj*
        facilit* facultad* fallas falleras feliciano felip* funcionari* gafas gafes genios golpe_de_suerte
        gracia gracian* grataj* gravedad_cero gravemente guapo guarradas_no guerrer* heridero heroin* honduras
        honorario* honorato hostal* hosteler* hostia_consagrada humo_blanco ideal ideas identi* ideolog*
        ingenieria* ingeniero* inocentada* inocente* integracion integridad intensiv* interesado_en inventario*
        justici* leales lealt lenteja* lentes lentill* liderar* liga ligue* lindar* linder* malabar* malag*
        malasana malec* malet* mallorc* malt* malvas* matad_r matanza_de_texas mataro matas matematic* materia*
        matric* matrimoni* matutin* medalla_de_oro mentales metro mofeta* monocrom* monologo* monoplaza*
        monopol* monos moriles morira* mortadel* mortero muermo muerta_de_risa muerto_de_risa muertos_de_risa
        murcia* muriel murig* murill* naturaleza* naturalmente nobel odisea* optica* optico* orden ordenador*
        ordenanza* ordenar* ordenes originar* orosgol osadia paris peleter* penalt* pendient* pending* pensar*
        pension* pesan pesar_de pescad* peso pesos pestan* petardeo petardos plagas_de_egipto practicante*
        practicar practicas practico presentable prisionero_de_azkaban probablemente promete putin puton quebec
        rabaneda radicad* radicar* rapidograf rayado recelosa regano* regenta regentar reguero relegar
        respectiv* respecto* ricard* ricoh roberto robles robotic* robots robust* ruinas_de_pompeya sabia
        sabiamos sabian sabias sabiendas sanchez santan* saqueador segundo* seguramente segurata
        seguridad_social seguro_de sobrado_de_talento sorpresiv* suelto sufrag* temas temblando_de_emocion
        temple* templo* tempor* terror_cinema tirante* tontear* torpedo* torturad_r tramo* trampolin*
        tramposo_juego trepadora* viola viola_solista violaceo violet* violin* violonch*
        -1: a_pesar apenas atrasad* callad callaos callar* callate calor_que cierra_la_boca como_siempre culpa
        de_nuevo deberes desgaste dios_mio en_fin esperando esperar examen examenes falta faltar* gasto gastos
        impuestos llorera llueve lluvia lo_de_siempre lunes madre_mia madrugon* menuda menudo menudos nadie
        necesidad necesit* nubes otra_vez poca poco politicos por_culpa por_dios pregunt* quitado quitan quitar
        quitaron retirada retirado siempre_igual siempre_lo_mismo silencio sueno_que tampoco telita vacia vacio
        vaya ya_ves
        -1.5: a_ver_si_aprenden advert* alert* anticuad* aprended averiad* bajon bajonazo bloque* bug bugs
        buitre* caid* callense caprich* cobrad* cobran cobraron cohech* comision* como_podeis como_pueden
        como_se_atreven con_lo_que_cuesta condenas controvert* corto critica criticar* criticas cunado deja_de
        dejad_de dejame_en_paz dejar_plantad dejar_plantadn dejar_plantads dejen_de delinc* delito* demand*
        denunci* desacuerdo desafi desconoc* desfalco dimision dimita dimitan dimite discrep* disculp* drama
        dramas dramat* dud* dura dureza duro en_absoluto encima_de_que encima_me error* escand esquirol*
        estrech* estres factura fallido* fantasma* fractur* fuera_ya hasta_cuando_vamos_a imputacion incidencia*
        lamentamos lejos lo_siento luego_se_quejan malversa* mediocr* nada_de_nada negativ* ni_eso
        ni_idea_de_futbol ni_para_eso ni_siquiera ni_siquiera_saben ni_un ni_un_dia ni_un_duro ni_un_euro ni_una
        no_anda no_carga no_dan_una no_dejan no_entiendo_a_la no_entiendo_el no_entiendo_nada no_es_bueno
        no_es_lo_mismo no_es_para_tanto no_funciona no_funcionan no_funcionas no_hay_forma no_hay_manera
        no_hay_nada_en no_llega no_llegan no_llegas no_llego no_llego_a_fin no_me_creo_que no_me_deja
        no_me_dejan no_me_hace no_me_queda no_puedo no_puedon no_puedos no_se_ni_que no_se_puede no_se_que_hacer
        no_tiene_nombre no_tienen_ni_idea no_tienes_ni_idea no_va obsolet* ocult* opac* oportunist* otra_derrota
        otra_mentira otro_ano_sin otro_dia_mas_sin otro_lunes otro_mes_sin para_eso_pago para_nada
        para_que_luego parad_ya parasit* pardon perdon* pesimis* pincha* pleito* polemic* por_que_la_gente
        por_que_me por_que_nadie por_que_no_me por_que_siempre por_que_tengo_que postur posturear postureo
        presion prevaric* que_se_calle que_se_callen que_se_vaya que_se_vayan querell* quien_me_manda
        quien_me_mandaria recarg* rechaz ridiculez rumor rumores sanguijuel* se_cayo siento_mucho sin_poder
        sin_saber sobrecost* sorry sospechos* tarde_otra tensi_n tension* tenso* vendehumo* vendid* y_encima
        y_luego_dicen y_luego_se_quejan ya_no_hay ya_no_me_quiere ya_no_puedo ya_no_quiero ya_no_se_que
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
        tengo_miedo tengo_sueno terremoto* tormenta trabajar_en_domingo tragar trastorn* traum* traumatic*
        triste tumba uf uff* ultra ups vago vagos venen* vergon* vicio vicios ya_basta ya_esta_bien
        -2.5: abandon* aborrecible absurd* abucheo* aburr* abusad* abusan achac* acusad* adulador* agobiad*
        agobiante* agot* aguafiestas ahog* ajad* alarm* alboroto* alerg* altaner* altercad* amargado amenaz*
        anemi* angust* anomal* ansios* antihigienic* antipatic* antisocial* apagon* apat* aprens* apuro*
        arbitrari* ardid* arrebat* arrepent* arrepient* arrog* asco_de asco_de_dia asfixiante* aspereza aspero
        astut* asusta asustad* asustar atasc* atemoriz* aterid* atolondr* atont* atorment* atrapad* atropell*
        aturd* ausenc* avaric* averi* averiada baches bajeza* barbarid* barriobajer* batacazo* beligeran*
        berrinche* bobada bobadas bochorno* boicot* borde bordes bribon* bruta bruto cabezon* cadu caduco
        cae_mal calumniador* calvario cancer* cansad* cansancio cansino* caos caotic* cara_simo caradur* carcel
        carer* carestia carisim* caro castig* cegato celos* chafar chantajist* charlatan* chasco* chill_n
        chillando chillar chirri* chivat* chorrad* chulesc* chung* cicater* cizan* coacci* cobard* cochin*
        codici* colaps* comatos* complic* complot conazo conden* confabul* conflictiv* conflicto confus*
        conspir* constipad* contagi* contrariedad* contratiempo* convuls* corruptela* corruptos coscorron
        crispa* critic* culpa* cursi cutreria danino dar_pena de_mal_en_peor deb_cle debacle* decad* decaid*
        decepc* defect* deforme* defraud* deja_mucho_que_desear delirante* delitos demacrad* demagog* demenci*
        demonio* demor* denigra deplor* depredad* deprimid* derrot* derrumba* desacat* desacert* desaciert*
        desacredit* desafortunad* desagrad* desajust* desalent* desaliento desalojad* desalojo* desanim*
        desapacible* desaprob* desaprue* desastr* desastre desatenc* desatend* desatin* desbarajuste* desbord*
        descabell* descalabr* descalific* descarad* descaro descenso desconcert* desconfi* desconsiderado
        descontent* descontrol* descuart* descuid* desencant* desenfren* desenga* desequilibr* desercion
        desertar desesperan* desfachat* desfalc* desfas* desgan* desgast* desgraci* desidia desigual* desilusi*
        desinter* desleal* deslucid* desmand* desmedid* desmesur* desnutr* desobed* desorden* desorganiz*
        desorient* desosieg* despect* despelot* desplom* desprec* desprestigi* desproporcion* despropos*
        desprotegid* destempl* desterr* destitu* desvalij* desvari* desvel* desventaj* desventur* desverg*
        detenid* deterior* detractor* deud* dia_de_mierda dificil* dificult* dilapid* dinero_tirado discord*
        discrepanc* discrimina* disgustad* disparat* displicen* disturbio* dolenc* dolor_de drama_king
        echar_de_menos echo_de_menos egocentr* egoismo egoist* eliminad* embroll* empacho* encarcel* encarec*
        endeud* enemist* enferm* enganifa engreid* enloquecid* enojos* enred* ensanarse entorpec* entristec*
        entrometid* envenen* envidi* envidia_cochina epidem* errone* error_garrafal escalofriante* escandaliz*
        escaqu* escarn* esclavitud espeluz* esta_mal estafar estan_mal estancad* estigma* estorb* estoy_mal
        estrag* estres* estrid* estrope* estropici* estupideces estuvo_mal exabrupt* exager* excluid* exhaust*
        exiliad* expoli* expuls* extenu* extrano_mucho extremism* falaci* falaz fallid* fallo_garrafal falsas
        fanatism* fanfarr* fango fantasmada* farsa* fastidi* fatal_todo fatidic* fatig* fea feald* feas fechoria
        feisim* feo feos fiebre flagrante* flojedad fobi* follon* fracasar fraudulenta frivol* frustr* fue_mal
        fugitiv* fullero furor_negativo garrafal* gilipolleces gilipollez* golpe_de_estado grave* gresca* gripe
        gritones groser* guarr* hacer_el_ridiculo hacinad* hartazg* hastio heridas hipocondr* hipocritas
        histeria* horter* hospital hostig* huelguist* huerfan* hundimient* hurtar hurto* idiotez* ignor* ilegal*
        ilogic* imbecilidad* impaciencia impacient* impedi impertinen* impide* implac* impopular* imposible*
        impotencia imprud* impun* imputad* inaccesible* inadecuad* inadmisib* inapropiad* incapac* incertid*
        incoheren* incompat* incompeten* incompleto incomprens* incomunicad* inconform* inconscien*
        inconsistent* inconstituc* incorrect* inculpa* incult* incumpl* indefens* indelicad* indiferencia
        indiferente* indigest* indispuest* ineficac* ineficaz ineficien* ineptitud* inercia inestab*
        inexplicable* infecc* inferior* infidelidad* infiel* inflad* inflamad* infort* infraccion* infructu*
        infund* ingenu* ingobern* inhab* inhospit* injust* inmadur* inoper* inoportun* inquiet* insac* insalubr*
        insatisf* insegur* inservible* insidi* insignific* insipid* insolen* insomne insomnio insostenible*
        instig* insufic* insulsa insulso* insult* intimid* intoxic* intrascend* intrus* inundad* inutiliz*
        inviable* irracional* irreal_de irregular* irreparable* irrisori* irrit* jaqueca* jodienda juicio_por
        la_extrano lament* lastim* lastre* latazo letarg* liada liado_otra_vez lloriqueo lo_extrano
        lo_siento_mucho locura locura_de_precios lucha_perdida lugubre* lujuri* macarra* machism* majader*
        mal_dia mal_gusto mal_humor mal_rollo mala_calidad mala_educacion mala_gana mala_leche mala_noticia
        mala_onda mala_pata mala_suerte mala_vibra malas_noticias malcriad* maldice malduc* maleduc* malentend*
        malestar* malfunc* malhech* malhumor* malogr* maloliente* malsan* malsonante* maltrech* malvend*
        mangante* mangonear manipul* maquiavel* margin* martir* mascarada me_arrepiento me_cae_mal
        me_encuentro_mal me_siento_mal me_va_mal mediocres melanc* menospreci* mentiroso mierdero migran*
        minusval* miserias misterioso_crimen mofa* molest* mongol monoton* monserga* moribund* morosidad moroso*
        muermo* mugr* multa* muy_mal nadie_contesta nadie_hace_nada nadie_responde narcisist* nervios* neura*
        ni_caso no_contestan no_doy_credito no_doy_mas no_entiendo_como no_entiendo_por_que no_es_justo
        no_es_normal no_hacen_nada no_me_apetece no_me_apetecen no_me_apeteces no_me_cabe_en_la no_me_contestan
        no_me_convence no_me_convencen no_me_convences no_me_entra no_me_gusta no_me_gustan no_me_gustas
        no_me_gusto no_me_hace_gracia no_me_hacen_caso no_me_lo_puedo_creer no_me_sirve no_merece_la_pena
        no_nos_gusta no_nos_gustan no_nos_gustas no_puede_ser no_quiero no_responden no_sirve no_sirve_para_nada
        no_sirven no_tengo_ganas no_tiene_gracia no_tiene_sentido no_vale_la_pena no_vale_nada nocivos nostalg*
        obstac* ofend* ofens* olvidad* olvido_imperdonable operad* ordinari* ostentos* ostracismo pachorr*
        palurd* pamplin* panda_de pandem* pandilla_de paranoia* parche* pasota* patadas* patan* patean* patoso*
        pedante* peleon* peligr* penaliz* penazo penosament* penumbra perdedores perdemos perder*
        perder_el_tiempo perdi perdicion perdid* perdida_de_tiempo perdiendo_el_tiempo perdieron perdimos perdio
        perdiste perecer perez* perjuicio* persecu* perturba* perversion* pesad* pesadilla* pesame pesimist*
        pestilen* petard* petulant* pierd* plantaron plomazo* podrido polucion por_desgracia pordioser* postizo
        prejuicio* preocup* prepotencia prepotent* preso presuntuos* pretencios* problem* procaz provocacion*
        provocador* pucher* pueril* punible putada putrefact* que_aburrimiento que_barbaridad que_cansancio
        que_cruz que_decepcion que_desastre que_dolor que_feo que_fuerte que_impotencia que_lastima que_mal
        que_mal_rollo que_mala que_malo que_miedo que_palo que_pena que_pereza que_putada que_rollo que_sueno
        que_susto que_triste que_verguenza quebradero* quejar* quejic* quemazon quiebr* quisquill* rabieta*
        raquitic* rastrero reaccionari* rebuzn* recaid* recel* rechaz* reclam* recorte* refunfun* regan* rehen*
        relegad* remilg* renco* renega* reniego repres* reproch* repudi* repugnan* resaca* resenti* resfri*
        resignac* resignad* retard* retorc* retras* retroced* retroceso* reventad* revoltos* revuelt* ridicul*
        riesgo_de rina* ripios robot_inutil rocambol* roncar ruidosos ruindad rumore* ruptura* sabote* sale_mal
        salio_mal sancion* sandez* saturacion saturad* se_fue_a_la secuel* sedentari* sentir_mal sin_ganas
        sin_sentido siniestro* sinraz* sinsabor* sinsentido soberbi* sobornad* sobornar soborno* sobreprecio
        soez sofoc* soledad solitari* solo_y soltero_y_solo somnolen* soponcio* sosa soso sospech* subdesarroll*
        subida_de_precio subieron sucia* suciedad sucio* sufrid* sumis* supersticio* tacano talibanes tan_mal
        tardan* tartufo te_extrano tedios* temblor* temerari* temerosos tempestad* tensiones testarud*
        tirando_el_dinero tirar_el_dinero tocapelotas tonteria* tontun* torpe* tortuos* tos tragedias transgres*
        trastad* trauma* travesura_pesada tremendist* tribulac* trifulca* tristement* tropel* tropez* tropiezo*
        tumulto* turbio turbulen* ultrajant* urgencias urgente usurer* usurp* va_mal vagancia vaneid* vanidad*
        vanidos* varap* vejatori* vendepatria* vengat* vergonz* vetad* viciad* vicios* virul* virus visceral*
        vituper* vulgar* vulnerab* yermo zafiedad zancadill* zarrapastr* zopenc* zorra* zozobr*
        -2.7: es_la_ultima_vez me_cobraron_doble me_estafaron me_han_estafado me_han_timado me_timaron
        no_la_recomiendo no_lo_recomiendo no_los_recomiendo no_recomendaria no_vale_lo_que no_volvere_a
        no_volveria no_vuelvo_a pedazo_de_estafadores tomad_nota_de_esto ultima_vez_que_compro
        ultima_vez_que_les ultima_vez_que_os
        -3: a_nadie_le_importa abominable abus* abyecto accident* acos* acribill* acuchill* afliccion aflig*
        afrent* agobi* agoni* agraviad* agravio agredi* agres* ahorc* amarg* angusti* aniquil* ansiedad apest*
        apocalip* apunal* arpia arrech* arruin* asalt* asco_de_gente asco_de_pais asco_de_vida asesinar
        asesinat* asesino asesinos asfixi* asquead* asquerosidad atentado* aterr* atrac* atrocidades
        avergonzante aversion aweonao barbarie bastard* basur* bazofia* bestialidad_de bilis birria* blasfemia
        bobad* bobo* bochorn* bochorno bochornos* bodrio* boludez* boludo* bomba bombarde* bombas bufon*
        bullying burro cabre* cadaver* cagad* cagarla cagaron cago_en cagon* calamidad* calumnia carajo*
        carnicer_a castana castanazo catastrof* chantaj* chapucer* chapuz* choriz* chorro chorros cinic* cinismo
        cochambr* colera_de colmo congoj* cono corazon_roto corrup* cretin* criminalidad crisis cruel* culero*
        culia* cutr* da_asco da_mucho_asco da_pena dan_pena das_pena decapit* deficient* degener* degrad*
        delincuencia denigr* deplorable* depravad* depre depres* deprim* derrumb* desahuci* desalm* desampar*
        desastre* desastros* desazon desconsol* desconsuelo desdich* desemple* desesper* desgarr*
        desgraciadament* deshonest* deshonr* deshumaniz* desleal desmoraliz* desolacion desolad* despiadad*
        despido* despreciabl* desquiciad* destroz* destruc* destrui* destruy* detestabl* devast* diabolic*
        difamatori* discrimin* disgust* dispar* dolido dolor* duele duelen embauc* embust* empeor* emperrad*
        emput* encabron* encachimb* endemoni* energumen* enfad* enfurec* engana enganada enganado enganados
        enganan enganar enganaron engano* engendro enoj* ensangrent* es_el_colmo escalofri* escandal* esclav*
        espant* esperpent* estafa* estoy_aburrida estoy_aburrido estoy_agotada estoy_agotado estoy_cansada
        estoy_cansado estoy_de_bajon estoy_de_los_nervios estoy_de_mal_humor estoy_enferma estoy_enfermo
        estoy_fatal estoy_hecha_polvo estoy_hecho_polvo estoy_llorando estoy_mala estoy_malo estoy_muerta
        estoy_muerto estoy_nerviosa estoy_preocupada estoy_que_me_muero estoy_sola estoy_solo estoy_triste
        estupid* estupro exasper* execrable explot* exterminio extorsi* fallec* falsa falsedad* falso falsos
        falta_de_respeto faltar_al_respeto faltas_de_respeto fatal* fechor* feroc* fetid* fiasco* fracas*
        fratricid* fraude* fraudulent* funest* furia furibund* furios* ganas_de_llorar ganas_de_matar
        ganas_de_morirme ganas_de_vomitar gentuza golpead* golpear golpist* grima grotesc* guarrada* guerra*
        hambre hambruna* hart* hartazgo hasta_el_cono hasta_el_culo hasta_el_gorro hasta_el_mono
        hasta_la_coronilla hasta_la_madre hasta_la_polla hasta_las_narices hasta_las_pelotas hasta_los_cojones
        hasta_los_huevos hasti* hay_que_joderse hecatombe hecha_polvo hecha_una_mierda hecho_polvo
        hecho_una_mierda hediond* herej* herid* hiel hija_de_puta hijo_de_puta hijoputas hijos_de_puta hipocr*
        holocaust* homicid* homofob* horrend* horrib* horror* hostia_puta hostigamiento hostil* huevon* humill*
        hund* idiot* ignomin* ignorancia ignorante* imperdonable* impresentable* impudic* inaceptable*
        inadmisible* inaguantable* incompet* incompetent* indecen* indeseable* indign* inept* infamias infectad*
        infelices infeliz infern* infierno* infrahuman* inhuman* inmamable inmoral* inmund* insensat* insensib*
        insoportable* insufrible* intolerable* intoleranc* intolerant* intragable* inutil* invasion invasor* ira
        iracund* irrespetuos* irresponsabilidad irresponsable* jodan jode joden jodeos joder* jodete jodid*
        la_cagaron la_cago la_cague lacra* ladron* lagrim* lameculos lamentable* lerdo* lesion* linch* llora
        lloraba llorado lloran llorando llorar llore llorica lloriqu* lloro llorona lloros* luctuos* macabr*
        machis* mal mala malaje malas maldad* maldicion maldit* maldita_sea malevol* malici* malintencionad*
        malisim* malo malos malvad* mamada* mamarr* mamon* manda_cojones manda_huevos masacr* mata matan matando
        matanza matanzas matar mataron mato_a maton me_agobia me_asusta me_aterra me_averguenza me_cabrea
        me_cago me_cago_en me_cago_en_la me_cago_en_todo me_cagon me_cagos me_crispa me_da_ansiedad me_da_coraje
        me_da_cosa me_da_impotencia me_da_mal_rollo me_da_mucha_pena me_da_mucha_rabia me_da_rabia
        me_da_tristeza me_da_un_asco me_da_verguenza me_dan_asco me_dan_ganas_de_llorar me_dan_miedo me_dan_pena
        me_das_asco me_decepciona me_decepciono me_dejaron_tirado me_dejo_plantada me_deprime me_duele
        me_duele_el me_duele_la me_duele_la_cabeza me_duele_mucho me_duele_todo me_duelen me_enerva me_enganaron
        me_entristece me_equivoque me_estresa me_fallaron me_fallas me_fastidia me_ha_decepcionado me_ha_dejado
        me_hace_dano me_hace_llorar me_haces_dano me_han_dejado_tirada me_han_enganado me_han_quitado
        me_han_robado me_han_suspendido me_has_decepcionado me_has_fallado me_he_equivocado me_he_perdido_el
        me_hizo_dano me_hizo_llorar me_hundo me_ignora me_ignoran me_importa_un_carajo me_importa_una_mierda
        me_indigna me_irrita me_jode me_joden me_la_suda me_mienten me_mintio me_molesta me_molestan me_molesto
        me_muero_de_aburrimiento me_muero_de_asco me_muero_de_miedo me_muero_de_pena me_muero_del me_odia
        me_odian me_odio me_parte_el_alma me_perdi me_perdi_el me_pone_de_los_nervios me_pone_de_mala
        me_pone_enferma me_pone_mala me_pone_malo me_pone_nerviosa me_pone_triste me_preocupa me_preocupan
        me_quiero_ir me_raya me_repatea me_revienta me_revientan me_robaron me_rompe_el_corazon me_saca_de
        me_saca_de_quicio me_siento_culpable me_siento_fatal me_siento_sola me_siento_solo me_siento_triste
        me_siento_una_mierda me_siento_vacia me_suspendieron me_tiene_harta me_tiene_harto me_tienen_harta
        me_tienen_harto mediocre* mediocridad mentecat* mentido mentir mentira* mentiros* mentis menuda_basura
        menuda_decepcion menuda_mierda menudo_asco menudo_desastre menudo_robo mezquindad miedo* miente mienten
        mientes mierda_de mierda_de_dia mierda_de_equipo mierda_de_partido mierda_de_tiempo mierda_de_vida
        mierdecilla miseria* misogin* mobbing monstruos* morir* mortific* muchedumbre_furiosa muerta muertas
        muerte* muerto muertos muri muriendo murieron murio mutil* nadie_me_entiende nadie_me_escucha
        nadie_me_habla nadie_me_quiere nausea* nazismo necedad necia necio necios nefari* ni_puta_idea
        no_aguanto no_aguanto_mas no_hay_derecho no_jodas no_la_soporto no_le_importa_a_nadie no_le_importo
        no_lo_soporto no_lo_trago no_los_soporto no_me_jodas no_me_quiere no_me_quieren no_paro_de_llorar
        no_paro_de_toser no_puedo_con_el no_puedo_con_la no_puedo_con_mi_vida no_puedo_dormir no_puedo_mas
        no_puedo_parar_de_llorar no_puedo_respirar no_quiero_estudiar no_quiero_ir no_quiero_madrugar
        no_quiero_nada no_quiero_trabajar no_quiero_vivir no_quiero_volver no_sirvo no_sirvo_para_nada
        no_soporto no_te_soporto no_tengo_amigos no_tengo_dinero no_tengo_fuerzas no_tengo_palabras_para_esta
        no_tengo_vida no_tiene_perdon no_tienen_perdon no_trago no_valgo no_valgo_para_nada obscen* odiar odio*
        opresi* opresor* oprim* ostia_puta paliza* panico* paro patetic* pavor pavoros* payas* pelotud* pendej*
        penos* peor peores perdedor* perfid* perver* pesadill* pesadumbre pestos* pinche* pisote* plagio*
        pobre_servicio pobreza podrid* porquer* profan* prostitu* pudr* punal* punzante pusilanime put puta_vida
        putad* putas puto* puto_asco ql qlo que_asco_da que_asco_de que_asco_me que_barbaros que_basura
        que_coraje que_crueldad que_desgracia que_estafa que_fatal que_harta que_hartazgo que_harto que_horror
        que_indignante que_injusticia que_injusto que_lamentable que_mierda que_patetico que_penoso
        que_porqueria que_porqueria_de que_rabia que_ridiculo que_robo que_timo que_tristeza que_vergonzoso
        quebrant* quiero_desaparecer quiero_llorar quiero_morir rabia* rabiet* rabios* racis* rastrer* rateria*
        ratero* rayad* rencor* repelente* repelus resentid* resentimiento retorcid* ridiculiz* robad* roban
        robar robaron robo robos ruina ruinas sadic* sadism* salvajad* sanguinari* saqueo* secuestr*
        sin_escrupulos sin_verguenza siniestr* sinverg* soez* sollozo* sordid* sufr* suicid* suplicio* tacan*
        tan_harta tan_harto tarad* te_jodes temible* temo temor* tenebros* terrible* terror* terrorismo
        terrorista* timad* timar timo timos tirania* tirote* tirria tomadura_de_pelo tomando_el_pelo
        tomar_el_pelo tonta tontas tonter* tonteria tonterias tonto tonto_del tontos tormento* tortura* toxic*
        trag_dia tragedi* tragic* traicion* traidor* trampa* trampos* trist* truculent* truno ultraj*
        una_puta_mierda vale_verga valio_verga vandal* vaya_basura vaya_decepcion vaya_desastre vaya_mierda
        vaya_panda vaya_robo vaya_tela vaya_timo vaya_tropa vaya_verguenza vejacion* veneno* vengan* verdug*
        vergonzos* verguenza* vetust* victim* vida_de_mierda vil viles vileza violad* violar violen* violo_a
        vomit* vulner* weon* xenofob* ya_estoy_harta ya_estoy_harto zoquete*
        -4: a_la_mierda aberra* abomin* aborrec* asco ascos asesin* asqu* atrocidad* atroz* basura basuras
        cabron cabrona* cabrones canalla* conchatumadre conchetumare crimen* criminal* ctm dais_asco dan_asco
        das_asco de_mierda desgraciad* despreciable* detest* dictador* dictadur* el_peor fascist* genocid*
        gilipoll* gonorrea hdp hdps hijodeputa hijoputa* hijueput* horripil* hp imbecil* imbecilidad infame*
        infamia* iros_a_la la_concha_de la_peor las_peores lo_peor los_peores malnacid* malparid* maltrat*
        masacre* me_da_asco me_quiero_matar me_quiero_morir mezquin* mierd* miserable* muerete muerte_a
        nauseabund* nazi* nefast* odia* odie odio ojala_te_mueras pederast* pedofil* peor_imposible peorcit*
        pesim* puta_mierda que_asco que_te_den quiero_morirme repugn* repulsiv* subnormal* terroris* tortur*
        una_mierda vayanse_a_la vete_a_la_mierda vete_al_carajo violacion* violador* vomitiv*
        """
}
